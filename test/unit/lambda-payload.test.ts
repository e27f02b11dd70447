/** In what portions pictures are sent, and what is a request and an answer. */
import { describe, expect, it } from 'vitest';
import { fitsRequest, halve, packBatches, workOff } from '../../main/adapters/lambda/batches.ts';
import { parseScoreAnswer, parseScoreRequest } from '../../main/domain/index.ts';

describe('batches', () => {
  it('hold no more than so many pictures and bytes, in order, each once', () => {
    const images = Array.from({ length: 100 }, (_, at) => ({ at, jpeg: new Uint8Array((at % 7) * 200_000) }));
    const batches = packBatches(images, 24);
    expect(batches.flatMap((batch) => batch.images.map(({ at }) => at))).toEqual(images.map(({ at }) => at));
    for (const { images: some } of batches) {
      expect(some.length).toBeLessThanOrEqual(24);
      const body = JSON.stringify({ model: 'a'.repeat(64), images: some.map(({ jpeg }) => ({ key: 'b'.repeat(64), jpeg: Buffer.from(jpeg).toString('base64') })) });
      expect(body.length).toBeLessThanOrEqual(6_291_456);
    }
    expect(halve(batches[0]!).flatMap((half) => half.images)).toEqual(batches[0]!.images);
    expect([fitsRequest(4_700_000), fitsRequest(4_720_000)]).toEqual([true, false]);
  });

  it('are worked off so many at a time, with what comes of them', async () => {
    let busy = 0;
    let most = 0;
    const done: number[] = [];
    await workOff([16, 3, 5], 2, async (one) => {
      most = Math.max(most, ++busy);
      await new Promise((resolve) => setTimeout(resolve, 1));
      busy -= 1;
      done.push(one);
      return one > 8 ? [one / 2, one / 2] : [];
    });
    expect(done.sort((a, b) => a - b)).toEqual([3, 5, 8, 8, 16]);
    expect(most).toBe(2);
    await workOff([], 2, () => Promise.reject(new Error('nothing to do')));
  });

  it('are not begun any more once one throws, and those under way are waited for', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const work = async (one: number): Promise<number[]> => {
      begun.push(one);
      await new Promise((resolve) => setTimeout(resolve, one));
      if (one === 5) throw new Error('a bug');
      ended.push(one);
      return [one + 1];
    };
    await expect(workOff([5, 40, 60, 70], 2, work)).rejects.toThrow('a bug');
    expect({ begun, ended }).toEqual({ begun: [5, 40], ended: [40] });
  });
});

describe('requests and answers', () => {
  const [key, model] = ['a'.repeat(64), 'b'.repeat(64)];
  const good = { model, images: [{ key, jpeg: 'AAAA' }] };
  it.each([null, 7, 'text', [], {}, { model, images: [] }, { ...good, model: 'B'.repeat(64) }, { ...good, images: [{ key }] }, { ...good, images: [{ key, jpeg: 'not base64!' }] }, { ...good, images: [{ key: '../x', jpeg: '' }] }, { ...good, images: [good.images[0], good.images[0]] }, { ...good, images: Array.from({ length: 65 }, () => good.images[0]) }].map((value) => [JSON.stringify(value).slice(0, 40), value]))('%s is no request', (_, value) => {
    expect(parseScoreRequest(value)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  });
  it('what a request has beside is not taken over', () => {
    expect(parseScoreRequest({ ...good, path: '/etc' })).toEqual({ ok: true, value: good });
  });
  it.each([null, [], 'ok', {}, { model: key, images: [] }, { model, images: [] }, { model, images: [{ key: model, embedding: 'AAAA' }] }, { model, images: [{ key }] }, { model, images: [{ key, error: { code: 'made-up', message: '' } }] }, { error: { code: 'made-up' } }, { error: 'no' }].map((value) => [JSON.stringify(value).slice(0, 40), value]))('%s is no answer', (_, value) => {
    expect(parseScoreAnswer(value, good)).toMatchObject({ ok: false, error: { code: 'place-failed' } });
  });
  it('a refusal of all keeps its code', () => {
    expect(parseScoreAnswer({ error: { code: 'model-wrong', message: 'Another.' } }, good)).toMatchObject({ ok: false, error: { code: 'model-wrong', message: 'Another.' } });
  });
});
