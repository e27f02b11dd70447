/** The five methods of SQLite that the catalog needs. Implemented by adapters/sqlite (node:sqlite). */
export type SqlValue = string | number | null | Uint8Array;
export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface SqlDatabase {
  /** Several statements, no parameters. */
  exec(sql: string): void;
  /** One statement; prepared once and kept. Returns rows changed and the last row id. */
  run(sql: string, ...values: SqlValue[]): { changes: number; lastId: number };
  get(sql: string, ...values: SqlValue[]): SqlRow | undefined;
  all(sql: string, ...values: SqlValue[]): SqlRow[];
  /** Runs `work` inside BEGIN IMMEDIATE ... COMMIT; a throw rolls back and is thrown on. */
  transaction<T>(work: () => T): T;
  close(): void;
}
