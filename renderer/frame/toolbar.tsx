import { ChevronDown, File, FolderOutput, Grid2x2, Image, Info, Keyboard, Layers, ListFilter, SlidersHorizontal, Stethoscope, TriangleAlert } from 'lucide-react';
import { useSession } from '../client/index.ts';
import { keyOf } from '../commands/current.ts';
import { commandById } from '../commands/table.ts';
import { Button, IconButton } from '../parts/button.tsx';
import { plural, writeCount } from '../parts/words.ts';
import { useExport } from '../state/export.ts';
import { isFiltered } from '../state/filter-list.ts';
import { useList } from '../state/list.ts';
import { useShoot } from '../state/shoot.ts';
import { openDialog, setTileSize, tileSizes, useView } from '../state/view.ts';

/** What a button of the bar does is a command, so that it does the same as its key. */
function run(command: string): void {
  commandById.get(command)?.run({ advance: false });
}

export function Toolbar() {
  const mode = useView((view) => view.mode);
  const infoOpen = useView((view) => view.infoOpen);
  const filterOpen = useView((view) => view.filterOpen);
  const groupsOpen = useView((view) => view.groupsOpen);
  const weightsOpen = useView((view) => view.weightsOpen);
  const filtered = useList((state) => isFiltered(state.filter));
  const exporting = useExport((state) => state.step === 'running');
  return (
    <header className="toolbar" data-testid="toolbar">
      <FolderButton />
      <PhotoCounts />
      <div className="toolbar-space" />
      <TileSize hidden={mode !== 'grid'} />
      <div className="segments" role="group" aria-label="View">
        <Button look="quiet" pressed={mode === 'grid'} testId="view-grid" aria-label="Grid" title={`Grid (${keyOf('look.grid')})`} onClick={() => run('look.grid')}>
          <Grid2x2 size={16} strokeWidth={1.6} aria-hidden="true" />
        </Button>
        <Button look="quiet" pressed={mode === 'loupe'} testId="view-loupe" aria-label="One photo" title={`One photo (${keyOf('look.loupe')})`} onClick={() => run('look.loupe')}>
          <Image size={16} strokeWidth={1.6} aria-hidden="true" />
        </Button>
      </div>
      <div className="toolbar-group">
        <IconButton label="Filter bar" keys={keyOf('look.filter')} pressed={filterOpen && mode === 'grid'} disabled={mode !== 'grid'} testId="toggle-filter" className={filtered ? 'is-filtering' : ''} onClick={() => run('look.filter')}>
          <ListFilter size={16} strokeWidth={1.6} aria-hidden="true" />
        </IconButton>
        <IconButton label="Groups" keys={keyOf('groups.panel')} pressed={groupsOpen} testId="toggle-groups" onClick={() => run('groups.panel')}>
          <Layers size={16} strokeWidth={1.6} aria-hidden="true" />
        </IconButton>
        <IconButton label="What counts" keys={keyOf('weights.panel')} pressed={weightsOpen} testId="toggle-weights" onClick={() => run('weights.panel')}>
          <SlidersHorizontal size={16} strokeWidth={1.6} aria-hidden="true" />
        </IconButton>
        <IconButton label="Facts and reasons" keys={keyOf('look.info')} pressed={infoOpen} testId="toggle-info" onClick={() => run('look.info')}>
          <Info size={16} strokeWidth={1.6} aria-hidden="true" />
        </IconButton>
        <IconButton label="Keys" keys={keyOf('window.keys')} testId="show-keys" onClick={() => run('window.keys')}>
          <Keyboard size={16} strokeWidth={1.6} aria-hidden="true" />
        </IconButton>
        <IconButton label="What runs where" keys={keyOf('window.doctor')} testId="show-doctor" onClick={() => run('window.doctor')}>
          <Stethoscope size={16} strokeWidth={1.6} aria-hidden="true" />
        </IconButton>
      </div>
      <Button look="primary" testId="open-export" title={`Export (${keyOf('window.export')})`} onClick={() => run('window.export')}>
        <FolderOutput size={15} strokeWidth={1.8} aria-hidden="true" />
        <span className="toolbar-word">{exporting ? 'Exporting' : 'Export'}</span>
      </Button>
    </header>
  );
}

function FolderButton() {
  const name = useShoot((state) => state.name);
  const canPick = useSession((state) => state.info?.canPickFolder ?? false);
  return (
    <Button look="quiet" className="toolbar-folder" testId="folder" title={`${canPick ? 'Open another folder' : 'All folders'} (${keyOf('window.open')})`} onClick={() => run('window.open')}>
      <strong>{name}</strong>
      <ChevronDown size={14} strokeWidth={1.8} aria-hidden="true" />
    </Button>
  );
}

function PhotoCounts() {
  const counts = useList((state) => state.list.counts);
  const filtered = useList((state) => isFiltered(state.filter));
  return (
    <div className="toolbar-counts numbers">
      <span data-testid="counts">{filtered ? `${writeCount(counts.shown)} of ${plural(counts.photos, 'photo', 'photos')}` : plural(counts.photos, 'photo', 'photos')}</span>
      <FilesButton failed={counts.failed} others={counts.notPhotos} />
    </div>
  );
}

/** Photos with a problem are what matters; other files in the folder are only told where there is nothing worse. */
function FilesButton({ failed, others }: { readonly failed: number; readonly others: number }) {
  if (failed + others === 0) return null;
  return (
    <Button look="quiet" className="toolbar-files" testId="open-files" title="Photos with a problem, and files that are no photos" onClick={() => openDialog('files')}>
      {failed > 0 ? <TriangleAlert size={13} strokeWidth={1.8} aria-hidden="true" /> : <File size={13} strokeWidth={1.8} aria-hidden="true" />}
      {failed > 0 ? `${writeCount(failed)} with problems` : plural(others, 'other file', 'other files')}
    </Button>
  );
}

function TileSize({ hidden }: { readonly hidden: boolean }) {
  const size = useView((view) => view.tileSize);
  return (
    <input
      type="range"
      className={`tile-size${hidden ? ' is-hidden' : ''}`}
      aria-label="Tile size"
      title={`Tile size (${keyOf('look.smaller')} ${keyOf('look.larger')})`}
      data-testid="tile-size"
      disabled={hidden}
      min={tileSizes.least}
      max={tileSizes.most}
      step={8}
      value={size}
      onChange={(event) => setTileSize(event.currentTarget.valueAsNumber)}
      // after the mouse, the arrow keys mean photos again
      onPointerUp={(event) => event.currentTarget.blur()}
    />
  );
}
