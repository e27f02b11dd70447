/** The sharpness of one file again and again in a process of its own, set up as a decode child: processor time a photo, and the most memory taken. */
import { openPhoto } from '../../main/workers/photo.ts';
import { lookAtSharpness } from '../../main/workers/sharpness.ts';
import { toolsOfChild } from './extract.ts';

const [path = '', times = '3', what = 'sharpness'] = process.argv.slice(2);
const tools = toolsOfChild();
let spent = 0;
for (let round = 0; round <= Number(times); round++) {
  const before = process.cpuUsage();
  const photo = openPhoto(path, tools);
  if (!photo.ok) throw new Error(photo.error.message);
  if (what === 'sharpness') {
    const measured = await lookAtSharpness(photo.value, null, {}, tools);
    if (!measured.ok) throw new Error(measured.error.message);
  } else {
    const read = photo.value.source.read(0, photo.value.source.size);
    if (!read.ok) throw new Error(read.error.message);
    const decoded = await tools.codec.decodeLuma(read.value, { maxPixels: 50_000_000 });
    if (!decoded.ok) throw new Error(decoded.error.message);
  }
  photo.value.source.close();
  const { user, system } = process.cpuUsage(before);
  // the first round compiles
  if (round > 0) spent += (user + system) / 1000;
}
process.stdout.write(JSON.stringify({ ms: spent / Number(times), bytes: process.resourceUsage().maxRSS * 1024 }));
