import { useState } from 'react';
import type { ShootGroups } from '../../main/contract/index.ts';
import { Button } from '../parts/button.tsx';
import { plural } from '../parts/words.ts';
import { setClock } from '../state/groups.ts';
import { describeClock, readShift, writeShift } from './words.ts';

type CameraClock = ShootGroups['cameras'][number];

/** The clocks of the cameras of a shoot, where there are several: what is added to the times of each. */
export function Clocks({ cameras }: { readonly cameras: readonly CameraClock[] }) {
  return (
    <section className="side-panel-section" data-testid="groups-clocks">
      <h3>Clocks of the cameras</h3>
      <ul className="clock-list">
        {cameras.map((camera) => (
          <Clock key={camera.camera} camera={camera} />
        ))}
      </ul>
    </section>
  );
}

function Clock({ camera }: { readonly camera: CameraClock }) {
  const { camera: name, photos, shiftMs, suggestedMs, pairs } = camera;
  const isTaken = suggestedMs !== null && suggestedMs === shiftMs;
  return (
    <li className="clock" data-testid={`clock-${name}`}>
      <div className="side-panel-line">
        <span className="clock-camera">
          <span title={name}>{name}</span>
          <small className="numbers">{plural(photos, 'photo', 'photos')}</small>
        </span>
        {/* another value from elsewhere is another field */}
        <ShiftField key={shiftMs} camera={name} shiftMs={shiftMs} />
      </div>
      {suggestedMs === null ? null : (
        <div className="side-panel-line">
          <span className="clock-told" data-testid={`clock-${name}-told`}>
            {isTaken ? 'Set right: it was ' : ''}
            {describeClock(suggestedMs, pairs)}
          </span>
          {isTaken ? null : (
            <Button testId={`clock-${name}-take`} onClick={() => setClock(name, suggestedMs)}>
              Set right
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

function ShiftField({ camera, shiftMs }: { readonly camera: string; readonly shiftMs: number }) {
  const [text, setText] = useState(writeShift(shiftMs));
  const ms = readShift(text);
  const keep = (): void => {
    if (ms === null) setText(writeShift(shiftMs));
    else if (ms !== shiftMs) setClock(camera, ms);
  };
  return (
    <input
      type="text"
      className="clock-field numbers"
      aria-label={`Add to the times of ${camera}, as hours, minutes and seconds`}
      title="Added to its times: + or - h:mm:ss"
      aria-invalid={ms === null}
      data-testid={`clock-${camera}-field`}
      value={text}
      spellCheck={false}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Enter') keep();
        if (event.key !== 'Escape' || text === writeShift(shiftMs)) return;
        event.preventDefault();
        setText(writeShift(shiftMs));
      }}
    />
  );
}
