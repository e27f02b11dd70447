import { memo, useEffect, useState } from 'react';
import type { MouseEvent } from 'react';
import { ImageOff, Layers, TriangleAlert } from 'lucide-react';
import { extensionOf, nameOf } from '../../main/base/index.ts';
import { useSession } from '../client/index.ts';
import { plural, sentenceOf } from '../parts/words.ts';
import { FlagIcon, LabelDot, Stars, SuggestionIcon, verdictWords } from '../parts/icons.tsx';
import { bestCodes, flagCodes, labelCodes } from '../state/photo-table.ts';
import { isScrollingFast, onScrollSettled } from './scroll-pace.ts';

/** Everything a tile shows, as plain values, so that a tile is drawn again only when one of them has changed. */
export interface TileProps {
  readonly id: number;
  readonly column: number;
  readonly name: string;
  readonly address: string | null;
  readonly error: string | null;
  readonly flag: number;
  readonly rating: number;
  readonly label: number;
  /** Of other programs; shown where the person has given none. */
  readonly existingRating: number;
  readonly existingLabel: number;
  readonly verdict: number;
  readonly groupSize: number;
  /** See `bestCodes`. */
  readonly best: number;
  readonly paired: boolean;
  readonly selected: boolean;
  readonly focused: boolean;
  onPress(id: number, event: MouseEvent): void;
  onOpen(id: number): void;
}

export const Tile = memo(function Tile(props: TileProps) {
  const { id, name, address, error, flag, label, rating, verdict, selected, focused } = props;
  const file = nameOf(name);
  const classes = ['tile', selected && 'is-selected', focused && 'is-focused', flag === 2 && 'is-rejected'];
  return (
    <div
      id={`tile-${id}`}
      className={classes.filter(Boolean).join(' ')}
      role="gridcell"
      aria-colindex={props.column + 1}
      aria-selected={selected}
      aria-label={describeTile(props, file)}
      data-testid={`tile-${id}`}
      onMouseDown={(event) => {
        if (event.button === 0) props.onPress(id, event);
      }}
      onDoubleClick={() => props.onOpen(id)}
    >
      <div className="tile-picture">
        <TilePicture address={address} error={error} file={file} />
        <div className="tile-corner">
          {props.groupSize > 1 ? (
            <span className="badge" data-testid={`tile-${id}-group`}>
              <Layers size={11} aria-hidden="true" />
              {props.groupSize}
              {props.best === bestCodes.best ? <b>Best</b> : props.best === bestCodes.whole ? <b>Set</b> : null}
            </span>
          ) : null}
          {error !== null && address !== null ? (
            <span className="badge" title={sentenceOf(error)}>
              <TriangleAlert size={11} aria-hidden="true" />
            </span>
          ) : null}
        </div>
        {props.paired ? <span className="badge tile-pair">RAW+JPEG</span> : null}
      </div>
      <div className="tile-foot">
        <span className="tile-name">{file}</span>
        <span className="tile-marks">
          {label === 0 ? <LabelDot label={props.existingLabel} elsewhere /> : <LabelDot label={label} />}
          {rating === 0 ? <Stars rating={props.existingRating} size={11} elsewhere /> : <Stars rating={rating} size={11} />}
          {flag === 0 && props.existingRating === -1 ? <FlagIcon flag={2} size={13} elsewhere /> : <FlagIcon flag={flag} size={13} />}
          {flag === 0 && verdict !== 0 ? (
            <span title={verdictWords[verdict]}>
              <SuggestionIcon verdict={verdict} size={13} />
            </span>
          ) : null}
        </span>
      </div>
    </div>
  );
});

interface TilePictureProps {
  readonly address: string | null;
  readonly error: string | null;
  readonly file: string;
}

function TilePicture({ address, error, file }: TilePictureProps) {
  // while the grid flies past, pictures that nobody can see in time are not asked for
  const [wanted, setWanted] = useState(() => !isScrollingFast());
  // a picture that could not be had is asked for again after the engine was gone
  const connections = useSession((state) => state.connections);
  const [lost, setLost] = useState<{ address: string; connections: number } | null>(null);
  const broken = lost !== null && lost.address === address && lost.connections === connections;
  useEffect(() => (wanted ? undefined : onScrollSettled(() => setWanted(true))), [wanted]);
  if (address !== null && !broken) {
    if (!wanted) return null;
    return (
      <img
        src={address}
        alt=""
        decoding="async"
        draggable={false}
        ref={cancelWhenGone}
        onError={() => setLost({ address, connections })}
      />
    );
  }
  if (error !== null || broken)
    return (
      <div className="tile-error">
        <ImageOff size={22} strokeWidth={1.4} aria-hidden="true" />
        <span>{error === null ? 'The picture could not be loaded.' : sentenceOf(error)}</span>
      </div>
    );
  return <span className="tile-waiting">{extensionOf(file).toUpperCase()}</span>;
}

/** A tile that has scrolled away takes its request with it; browsers would finish it first and keep visible ones waiting. */
function cancelWhenGone(image: HTMLImageElement | null): (() => void) | undefined {
  if (!image) return undefined;
  return () => {
    if (!image.complete) image.removeAttribute('src');
  };
}

function describeTile(props: TileProps, file: string): string {
  const label = labelCodes[props.label];
  const words = [
    file,
    props.flag === 0 ? '' : { pick: 'picked', reject: 'rejected', none: '' }[flagCodes[props.flag]!],
    props.rating > 0 ? plural(props.rating, 'star', 'stars') : '',
    label ? `${label.toLowerCase()} label` : '',
    props.rating === 0 && props.existingRating > 0 ? `${plural(props.existingRating, 'star', 'stars')} given elsewhere` : '',
    props.existingRating === -1 ? 'rejected elsewhere' : '',
    label === null && props.existingLabel !== 0 ? `${labelCodes[props.existingLabel]!.toLowerCase()} label given elsewhere` : '',
    props.verdict === 0 ? '' : verdictWords[props.verdict],
    props.groupSize > 1 ? `group of ${props.groupSize}${['', ', best', ', kept whole'][props.best]}` : '',
    props.paired ? 'RAW and JPEG' : '',
    props.error === null ? '' : sentenceOf(props.error),
  ];
  return words.filter(Boolean).join(', ');
}
