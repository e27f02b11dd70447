/** The camera's preview or the rendering: the toggle. */
import { expectedSource } from '../../main/domain/index.ts';
import { useList, useSelection } from './list.ts';
import { tell } from './notices.ts';
import { useView } from './view.ts';

/** Shows the other source than the one that is shown; what is asked for holds from photo to photo until it is toggled back. */
export function toggleSource(): void {
  const { focus } = useSelection.getState();
  const { table } = useList.getState();
  const index = focus === null ? undefined : table.indexOf.get(focus);
  if (index === undefined) return;
  const { source, zoom } = useView.getState();
  const usual = expectedSource(table.outlookAt(index), zoom === 'full' ? 'full' : 'screen');
  if (usual !== 'embedded' && usual !== 'rendered') {
    if (source !== 'auto') useView.setState({ source: 'auto' });
    else if (usual === 'self') tell('This file is itself the picture: there is no other to choose.');
    return;
  }
  const shown = source === 'auto' ? usual : source;
  const next = shown === 'rendered' ? 'embedded' : 'rendered';
  useView.setState({ source: next === usual ? 'auto' : next });
}
