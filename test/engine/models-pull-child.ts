/** Pulls one model in a process of its own, that a test can kill and whose environment (proxies) is its own: `<entry as JSON> <folder>`. */
import { pullModel } from '../../main/adapters/models/index.ts';
import type { ManifestEntry } from '../../main/domain/index.ts';

const [entry, folder] = process.argv.slice(2);
const result = await pullModel(JSON.parse(entry!) as ManifestEntry, {
  folder: folder!,
  attempts: 1,
  onProgress: ({ done }) => void process.stderr.write(`${done}\n`),
});
process.stdout.write(JSON.stringify(result));
