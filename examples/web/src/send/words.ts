// The names of the two types of samples.

import type { DataType } from "humansync/slim/send";

export const NAMES: Record<DataType, string> = { steps: "Steps", bpm: "Heart rate" };
