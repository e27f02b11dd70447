/** What is worked on next: the eye first, looks before identifies, bounded, stoppable. */
import { describe, expect, it } from 'vitest';
import type { CancelSignal } from '../../main/base/index.ts';
import { createScheduler } from '../../main/pipeline/index.ts';
import type { Pass } from '../../main/pipeline/index.ts';

/** A lane whose work ends when the test says so. */
function setUp(size: number) {
  const scheduler = createScheduler(size);
  const started: string[] = [];
  const idle: Pass[] = [];
  const ends = new Map<string, () => void>();
  const signals = new Map<string, CancelSignal>();
  const lane = scheduler.createLane({
    run: (photo, pass, signal) =>
      new Promise((resolve) => {
        const name = `${pass} ${photo}`;
        started.push(name);
        signals.set(name, signal);
        ends.set(name, resolve);
      }),
    onIdle: (pass) => void idle.push(pass),
  });
  const end = async (name: string): Promise<void> => {
    ends.get(name)!();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { scheduler, lane, started, idle, end, signals };
}

describe('scheduler', () => {
  it('never has more in flight than the pool can use', async () => {
    const { lane, started, end } = setUp(2);
    lane.add('look', [1, 2, 3, 4]);
    expect(started).toEqual(['look 1', 'look 2']);
    await end('look 1');
    expect(started).toEqual(['look 1', 'look 2', 'look 3']);
    expect(lane.left('look')).toBe(3);
  });

  it('takes what is on screen first, then its neighbours, then the rest, and looks before it identifies', async () => {
    const { lane, started, end } = setUp(1);
    lane.add('identify', [1, 2]);
    lane.add('look', [1, 2, 3, 4, 5, 6]);
    lane.look([5, 99], [4, 6]);
    for (const name of ['identify 1', 'look 5', 'look 4', 'look 6', 'look 1', 'look 2', 'look 3', 'identify 2']) {
      expect(started.at(-1)).toBe(name);
      await end(name);
    }
    expect(started).toHaveLength(8);
  });

  it('follows a new look at once', async () => {
    const { lane, started, end } = setUp(1);
    lane.add('look', Array.from({ length: 1000 }, (_, index) => index + 1));
    lane.look([500], []);
    await end('look 1');
    lane.look([900], [901]);
    await end('look 500');
    await end('look 900');
    expect(started).toEqual(['look 1', 'look 500', 'look 900', 'look 901']);
  });

  it('works for the shoot that was looked at last', async () => {
    const { scheduler, lane, started, end } = setUp(1);
    lane.add('look', [1, 2, 3]);
    const other: number[] = [];
    const second = scheduler.createLane({ run: async (photo) => void other.push(photo) });
    second.add('look', [7]);
    second.look([7], []);
    await end('look 1');
    expect(other).toEqual([7]);
    expect(started).toEqual(['look 1', 'look 2']);
  });

  it('adds a photo once, and again after it has run', async () => {
    const { lane, started, end } = setUp(1);
    lane.add('look', [1, 2]);
    lane.add('look', [1, 2]);
    await end('look 1');
    await end('look 2');
    expect(started).toEqual(['look 1', 'look 2']);
    lane.add('look', [1]);
    expect(started).toEqual(['look 1', 'look 2', 'look 1']);
  });

  it('never runs two passes of one photo at once: the later one builds on the earlier', async () => {
    const { lane, started, end } = setUp(2);
    lane.add('look', [1, 2]);
    lane.add('study', [2, 1, 3]);
    lane.look([2], []);
    await end('look 1');
    // the second look still runs
    expect(started).toEqual(['look 1', 'look 2', 'study 1']);
    await end('study 1');
    expect(started.at(-1)).toBe('study 3');
    await end('look 2');
    expect(started.at(-1)).toBe('study 2');
  });

  it('drops what waits and aborts what runs when a pass is cleared, and tells when it is idle', async () => {
    const { lane, started, idle, end, signals } = setUp(1);
    lane.add('look', [1, 2, 3]);
    lane.add('identify', [1]);
    lane.clear('look');
    expect(signals.get('look 1')!.aborted).toBe(true);
    expect(idle).toEqual([]);
    await end('look 1');
    expect(idle).toEqual(['look']);
    expect(started).toEqual(['look 1', 'identify 1']);
    const waited = lane.whenIdle();
    await end('identify 1');
    await waited;
    expect(idle).toEqual(['look', 'identify']);
  });

  it('takes nothing more once closed', () => {
    const { lane, started } = setUp(1);
    lane.close();
    lane.add('look', [1]);
    expect(started).toEqual([]);
  });
});
