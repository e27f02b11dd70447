/** Short words for the person: a toast for what they should see, an announcement for those who listen. */
import { create } from 'zustand';

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly kind: 'info' | 'error';
  readonly action: NoticeAction | null;
}

/** What the person can do about it at once. */
export interface NoticeAction {
  readonly label: string;
  run(): void;
}

interface NoticeState {
  readonly notices: readonly Notice[];
  readonly announcement: string;
}

export const useNotices = create<NoticeState>(() => ({ notices: [], announcement: '' }));

let nextNotice = 1;
const lifetimes = { info: 2600, error: 9000, action: 7000 };
const maxNotices = 3;

export function tell(text: string, kind: Notice['kind'] = 'info', action: NoticeAction | null = null): void {
  const id = nextNotice++;
  useNotices.setState((state) => ({
    // the same words twice are one notice
    notices: [...state.notices.filter((notice) => notice.text !== text), { id, text, kind, action }].slice(-maxNotices),
    announcement: text,
  }));
  setTimeout(() => dismissNotice(id), lifetimes[action ? 'action' : kind]);
}

export function dismissNotice(id: number): void {
  useNotices.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));
}

/** What they offer is past: something else was done. */
export function dismissActions(): void {
  useNotices.setState((state) => (state.notices.some(({ action }) => action) ? { notices: state.notices.filter(({ action }) => !action) } : state));
}

/** Spoken by a screen reader, not shown. */
export function announce(text: string): void {
  useNotices.setState({ announcement: text });
}
