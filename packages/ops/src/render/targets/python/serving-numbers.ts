/** Of every Gunicorn, started by a script or in a container. */
export const GUNICORN = { timeoutSeconds: 30, gracefulSeconds: 10 } as const;

/** Of every uvicorn: 100 at once beside the 32 connections that nginx keeps open, for longer than nginx does. */
export const UVICORN = { concurrency: 132, concurrencyFormula: '100 + 32', keepAliveSeconds: 75 } as const;
