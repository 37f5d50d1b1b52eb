import Redis from 'ioredis';

export const redis = new Redis({ host: '127.0.0.1', port: Number(process.env.REDIS_PORT) });
