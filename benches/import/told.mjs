// What an entry tells when it has its first answer: the milliseconds since its process started.

/** Prints it, and ends the process. */
export function told(reading) {
  const milliseconds = performance.now();
  console.log(JSON.stringify({ milliseconds, value: reading.value, unit: reading.unit }));
  process.exit();
}
