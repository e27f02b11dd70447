/** Where the endpoint and its key are kept: the address in the user's data folder, the key in the environment alone. */
import { join } from 'node:path';
import { coded, fail, ok } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { readEndpoint } from '../../domain/index.ts';
import type { EndpointSettings } from '../../domain/index.ts';
import type { EndpointBook, Secrets } from '../../ports/index.ts';
import { addToJsonTable, readJsonTable } from '../files/json-table.ts';
import { userDataFolder } from '../files/user-folders.ts';

export const keyVariable = 'PARJANYA_VLM_KEY';

/** The command line's and the web shell's secrets. A key that is all blanks is none. */
export function createEnvironmentSecrets(environment: Readonly<Record<string, string | undefined>> = process.env): Secrets {
  return { vlmKey: () => Promise.resolve(environment[keyVariable]?.trim() || null) };
}

const entry = 'vlm';
const fileOf = (folder: string): string => join(folder, 'endpoint.json');

/** @param folder where it is kept; default: the user's data folder */
export function createEndpointBook(folder: string = userDataFolder()): EndpointBook & { write(settings: EndpointSettings): Promise<Result<void>> } {
  return {
    async read() {
      const kept = (await readJsonTable(fileOf(folder)))[entry];
      if (typeof kept !== 'object' || kept === null) return null;
      const { url, model, usdPer1000 } = kept as Record<string, unknown>;
      if (typeof url !== 'string' || !URL.canParse(url) || typeof model !== 'string') return null;
      const settings = readEndpoint(url, model, typeof usdPer1000 === 'number' ? usdPer1000 : null);
      return settings.ok ? settings.value : null;
    },
    async write(settings) {
      if (!URL.canParse(settings.url)) return fail('bad-input', `"${settings.url}" is no address. It is like https://gpu.studio.example/v1.`);
      try {
        await addToJsonTable(fileOf(folder), entry, settings);
        return ok(undefined);
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        if (code === undefined) throw error;
        return code === 'ENOSPC' ? { ok: false, error: coded('disk-full', 'The disk is full.') } : fail('destination-unwritable', `The endpoint cannot be kept in ${fileOf(folder)} (${code}).`);
      }
    },
  };
}
