/**
 * Who may speak to the web shell. [Note: loopback access] Listening on 127.0.0.1 keeps other machines out, but not other
 * users' programs, nor web pages in the same browser. Against those: a random token in the first link, exchanged for a
 * cookie; the Host header (DNS rebinding); Origin on the socket; Sec-Fetch-Site everywhere else, because cookies and
 * SameSite know nothing of ports and another local server would count as the same site.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface Access {
  /** In the first link only: 256 random bits. It lives as long as the server. */
  readonly token: string;
  /** Is this the token of the first link? Takes the same time whatever is wrong with it. */
  isToken(offered: string): boolean;
  /** The Set-Cookie header that the token is exchanged for. */
  cookieHeader(): string;
  hasCookie(request: IncomingMessage): boolean;
  /** False for every Host but our own two names. */
  isOurHost(request: IncomingMessage): boolean;
  /** For the socket: the page that opens it must be ours. Browsers always send Origin there. */
  isOurOrigin(request: IncomingMessage): boolean;
  /** False where the browser says that another site, or another port of this one, is asking. */
  isOurPage(request: IncomingMessage): boolean;
}

/** @param port the port listened on; part of the cookie's name, because cookies do not tell ports apart. */
export function createAccess(port: number): Access {
  const token = randomBytes(32).toString('base64url');
  const session = randomBytes(32).toString('base64url');
  const cookieName = `parjanya-${port}`;
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  // browsers leave the port out of Host where it is the scheme's own
  if (port === 80) for (const name of ['127.0.0.1', 'localhost']) hosts.add(name);

  return {
    token,
    isToken: (offered) => isSame(offered, token),
    cookieHeader: () => `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`,
    hasCookie: (request) => readCookies(request.headers.cookie ?? '', cookieName).some((value) => isSame(value, session)),
    isOurHost: (request) => hosts.has(request.headers.host ?? ''),
    isOurOrigin: (request) => hosts.has(request.headers.host ?? '') && request.headers.origin === `http://${request.headers.host}`,
    isOurPage(request) {
      const site = request.headers['sec-fetch-site'];
      return site === undefined || site === 'same-origin' || site === 'none';
    },
  };
}

/** Constant-time: both sides are hashed first, so that lengths do not show either. */
function isSame(offered: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(offered), digest(expected));
}

/** All values of one cookie: a browser may send several of one name (other paths), ours among them. */
function readCookies(header: string, name: string): string[] {
  return header
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1));
}
