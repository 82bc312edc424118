import type { PanelSnapshot } from '../../../src/protocol/panel';
import { clip } from '../../support/clips';
import { clipRecord, sideView, snapshot } from '../../support/snapshot';
import { browserSuite } from './browserSuite';
import { type OpenOptions, type PanelPage, PanelServer } from './panelPage';

export const panelSuite = () => browserSuite<PanelServer, PanelPage, OpenOptions>(() => PanelServer.start());

/** 2 s at 16 fps. */
export const slowClip = () => clip('panel-slow', { fps: 16, seconds: 2 });
/** 3 s at 25 fps: another rate and another length. */
export const fastClip = () => clip('panel-fast', { fps: 25, seconds: 3, filter: 'hue=h=90' });

export const SLOW = clipRecord({ duration: 2, fps: 16, width: 320, height: 180 });
export const FAST = clipRecord({ duration: 3, fps: 25, width: 320, height: 180 });

/** A judged pair that plays: 16 fps and 2 s against 25 fps and 3 s, or the same clip twice. */
export function playable(
  server: PanelServer,
  over: Partial<PanelSnapshot> = {},
  alike = false,
): PanelSnapshot {
  const a = sideView({ seed: 1, uri: server.uri(slowClip()), clip: SLOW });
  const b = alike
    ? sideView({ seed: 2, uri: server.uri(slowClip()), clip: SLOW, folder: 'grpo' })
    : sideView({ seed: 2, uri: server.uri(fastClip()), clip: FAST, folder: 'grpo' });
  return snapshot({ sides: { A: a, B: b }, ...over });
}

/** The times of the frames that the two videos show, seconds, from the frames themselves. */
export function shownFrames({ page }: PanelPage): Promise<[number, number]> {
  return page.evaluate(() => {
    const times = [...document.querySelectorAll('video')].map((v) => {
      const frame = new VideoFrame(v);
      const time = frame.timestamp / 1e6;
      frame.close();
      return time;
    });
    return [times[0] ?? NaN, times[1] ?? NaN] as [number, number];
  });
}
