import './slider.css';

export interface SliderProps {
  readonly name: string;
  readonly testId: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step?: number;
  /** The value in words. */
  readonly told: string;
  readonly ends: readonly [string, string];
  onMove(value: number): void;
  /** It is let go; `byKey`: a key is, and the next may follow. */
  onKeep(byKey: boolean): void;
}

/** A slider whose effect is told while it moves, and kept when it is let go. */
export function Slider({ name, testId, value, least, most, step = 1, told, ends, onMove, onKeep }: SliderProps) {
  return (
    <div className="slider">
      <div className="slider-name">
        <span>{name}</span>
        <strong className="numbers" data-testid={`${testId}-told`}>
          {told}
        </strong>
      </div>
      <input
        type="range"
        aria-label={name}
        aria-valuetext={told}
        data-testid={testId}
        min={least}
        max={most}
        step={step}
        value={value}
        onChange={(event) => onMove(event.currentTarget.valueAsNumber)}
        onKeyUp={() => onKeep(true)}
        onBlur={() => onKeep(false)}
        onPointerUp={(event) => {
          onKeep(false);
          // after the mouse, the arrow keys mean photos again
          event.currentTarget.blur();
        }}
      />
      <div className="slider-ends" aria-hidden="true">
        <span>{ends[0]}</span>
        <span>{ends[1]}</span>
      </div>
    </div>
  );
}
