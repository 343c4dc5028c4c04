/** Origin of the API, as vite.config.ts has it. */
declare const __SERVER__: string;
