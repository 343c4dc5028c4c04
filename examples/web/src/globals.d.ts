/** The origin of the API, which vite.config.ts defines. */
declare const __SERVER__: string;
