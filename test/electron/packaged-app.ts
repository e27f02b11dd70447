/** Starts a packaged app as a person does, and looks at its page through Chromium's own debugging port: no fuse stays open for it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { testArguments } from './launch.ts';
import { environmentOf, waitForShoot } from './whole-app.ts';
import type { WholeAppOptions } from './whole-app.ts';

export interface PackagedApp {
  readonly process: ChildProcess;
  readonly page: Page;
  /** Asks it to quit; its exit status. */
  quit(): Promise<number | null>;
}

export async function startPackagedApp(executable: string, options: WholeAppOptions): Promise<PackagedApp> {
  const child = spawn(executable, ['--remote-debugging-port=0', ...testArguments, options.folder], { env: environmentOf(options), stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  const port = (): string | undefined => lines.flatMap((line) => /^DevTools listening on ws:\/\/[^/]+:(\d+)\//.exec(line)?.[1] ?? [])[0];
  try {
    await expect.poll(port, { timeout: 60_000 }).toBeDefined();
    const address = `http://127.0.0.1:${port()}`;
    // a title is there when the page has been loaded: nobody attaches to a page that is on its way to another document
    const titles = async (): Promise<string[]> => ((await (await fetch(`${address}/json/list`)).json()) as { title: string }[]).map((target) => target.title);
    await expect.poll(titles, { timeout: 60_000 }).toContainEqual(expect.stringContaining('Parjanya'));
    const browser = await chromium.connectOverCDP(address);
    const page = browser.contexts()[0]!.pages()[0]!;
    await waitForShoot(page);
    return {
      process: child,
      page,
      async quit() {
        await browser.close();
        child.kill('SIGTERM');
        return ended;
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`the packaged app did not start: ${lines.join('\n')}`, { cause: error });
  }
}
