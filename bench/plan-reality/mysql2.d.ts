/** As much of mysql2 as is used here; it lies in the benchmark's own node_modules, which a check of types does without. */
declare module 'mysql2/promise' {
  export interface Connection {
    query(sql: string): Promise<unknown>;
    end(): Promise<void>;
  }
  export function createConnection(options: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly database: string;
  }): Promise<Connection>;
}
