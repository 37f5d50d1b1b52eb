import mysql from 'mysql2/promise';

/** Ten connections a process is the default of mysql2 and of its guides. */
export const pool = mysql.createPool({
  host: '127.0.0.1',
  port: Number(process.env.DB_PORT),
  user: process.env.DB_USER,
  password: process.env.DB_PASSWORD,
  database: 'shop',
  connectionLimit: 10,
});
