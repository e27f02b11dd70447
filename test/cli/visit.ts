/** Follows the link that `serve` prints, as a browser does. */
import { WebSocket } from 'ws';

/** The link, where a line of the text is one. */
export const linkIn = (text: string): string | null => /^http:\/\/127\.0\.0\.1:\d+\/\?t=[\w-]{43}$/m.exec(text)?.[0] ?? null;

export interface Visit {
  readonly title: string;
  readonly grants: readonly { readonly name: string; readonly kind: string }[];
}

/** Exchanges the token for the cookie, fetches the page, and asks the engine for its grants over the socket. */
export async function visit(link: string): Promise<Visit> {
  const first = await fetch(link, { redirect: 'manual' });
  const cookie = first.headers.getSetCookie()[0]!.split(';')[0]!;
  const { origin, host } = new URL(link);
  const page = await (await fetch(`${origin}/`, { headers: { Cookie: cookie } })).text();
  const socket = new WebSocket(`ws://${host}/socket`, { headers: { Cookie: cookie, Origin: origin } });
  const answer = await new Promise<string>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => socket.send(JSON.stringify({ t: 'call', id: 1, m: 'library.grants', in: {} })));
    socket.once('message', (data: Buffer) => resolve(data.toString()));
  });
  socket.close();
  return { title: /<title>([^<]*)/.exec(page)?.[1] ?? '', grants: (JSON.parse(answer) as { out: Visit['grants'] }).out };
}
