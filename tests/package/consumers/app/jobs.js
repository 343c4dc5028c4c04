// The program that every bundler builds and every runtime runs of the entries by job: it reads with one, sends with the
// other, and returns the outcome.

import { HumanClient, HumansyncError as ErrorOfReading, NotFoundError } from "humansync/read";
import { HumansyncError as ErrorOfSending, SampleUploader } from "humansync/send";

const STEPS = [0, 1, 2, 3].map((at) => ({
  device_name: "iPhone",
  start_date: `2025-06-15T08:0${at}:00Z`,
  end_date: `2025-06-15T08:0${at}:30Z`,
  unit: "count",
  value: 400 + at,
}));

export async function jobs(baseUrl) {
  const client = new HumanClient({ accessToken: "demo", baseUrl });
  const missing = await client.activities.get("ffffffffffffffffffffffff").catch((error) => error);
  const uploader = new SampleUploader({ baseUrl, token: "demo" });
  const refused = await uploader.plan("steps", 5).catch((error) => error);
  const { sent } = await uploader.upload("steps", STEPS);
  return {
    unit: (await client.weight.latest()).unit,
    isNotFound: missing instanceof NotFoundError,
    areOfOneClass: ErrorOfReading === ErrorOfSending && missing instanceof ErrorOfSending && refused instanceof ErrorOfReading,
    sent,
  };
}
