/** `parjanya endpoint`: where the vision model is, and whether it answers. No catalog is touched, and no photo is sent. */
import { createSharpCodec } from '../../../main/adapters/sharp/index.ts';
import { createEndpointBook, createEnvironmentSecrets, keyVariable } from '../../../main/adapters/vlm/environment.ts';
import { createVlm } from '../../../main/adapters/vlm/index.ts';
import { coded } from '../../../main/base/index.ts';
import { describeBytes, isUnencrypted, keepPictureOnly, readEndpoint } from '../../../main/domain/index.ts';
import { describePicture } from '../../../main/engine.ts';
import type { CommandOf } from '../arguments.ts';
import { failWith, succeeded, unencryptedWarning } from '../outcome.ts';
import { toJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

export function runEndpoint(command: CommandOf<'endpoint'>, terminal: Terminal): Promise<number> {
  return actions[command.action](command, terminal);
}

const actions: { readonly [A in CommandOf<'endpoint'>['action']]: (command: CommandOf<'endpoint'>, terminal: Terminal) => Promise<number> } = {
  set: setEndpoint,
  show: showEndpoint,
  test: testEndpoint,
};

const missing = coded('endpoint-missing', 'No endpoint was set: parjanya endpoint set --url <base URL> --model <name>.');

async function setEndpoint({ url, model, usdPer1000, json }: CommandOf<'endpoint'>, terminal: Terminal): Promise<number> {
  const settings = readEndpoint(url ?? '', model ?? '', usdPer1000);
  if (!settings.ok) return failWith(settings.error, json, terminal);
  const written = await createEndpointBook().write(settings.value);
  return written.ok ? showEndpoint({ json }, terminal) : failWith(written.error, json, terminal);
}

async function showEndpoint({ json }: Pick<CommandOf<'endpoint'>, 'json'>, terminal: Terminal): Promise<number> {
  const endpoint = await createEndpointBook().read();
  if (!endpoint) return failWith(missing, json, terminal);
  // whether there is one, never which
  const hasKey = (await createEnvironmentSecrets().vlmKey()) !== null;
  if (json) await terminal.print(toJson({ ...endpoint, key: hasKey }));
  else {
    const price = endpoint.usdPer1000 === null ? 'not known' : `$${endpoint.usdPer1000} for 1,000 requests, as you say`;
    await terminal.print(`Address  ${endpoint.url}${isUnencrypted(endpoint) ? unencryptedWarning : ''}\nModel    ${endpoint.model}\nPrice    ${price}\nKey      ${hasKey ? `in ${keyVariable}` : `none in ${keyVariable}`}\n`);
  }
  return succeeded;
}

/** Asks about a picture that is drawn for it. */
async function testEndpoint({ json }: CommandOf<'endpoint'>, terminal: Terminal): Promise<number> {
  const endpoint = await createEndpointBook().read();
  if (!endpoint) return failWith(missing, json, terminal);
  const encoded = await createSharpCodec().encodeJpeg(drawDisc(), { quality: 80 });
  if (!encoded.ok) return failWith(encoded.error, json, terminal);
  const picture = keepPictureOnly(encoded.value);
  if (!picture.ok) return failWith(picture.error, json, terminal);
  const jpeg = picture.value;
  terminal.tell(`Asking ${endpoint.model} at ${endpoint.url} about a drawn picture of ${describeBytes(jpeg.length)}`);
  const vlm = createVlm({ secrets: createEnvironmentSecrets() });
  const start = performance.now();
  const { result, spent } = await describePicture((question) => vlm.ask(question, terminal.signal), endpoint, jpeg);
  const ms = Math.round(performance.now() - start);
  if (!result.ok) return failWith(result.error, json, terminal);
  if (json) await terminal.print(toJson({ ...endpoint, ms, requests: spent.requests, bytes: spent.bytes, tokens: spent.tokens, answer: result.value }));
  else await terminal.print(`It works: answered in ${ms} ms${spent.tokens ? `, ${spent.tokens.in} tokens in and ${spent.tokens.out} out` : ''}\n${result.value.caption}\n`);
  return succeeded;
}

/** An orange disc on grey: what any model that sees can tell. */
function drawDisc(): { width: number; height: number; channels: 3; data: Uint8Array } {
  const size = 512;
  const data = new Uint8Array(size * size * 3).fill(96);
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) if (Math.hypot(x - size / 2, y - size / 2) < size / 4) data.set([240, 140, 20], (y * size + x) * 3);
  return { width: size, height: size, channels: 3, data };
}
