// The names of the two types of samples in the page.

import type { DataType } from "humansync/slim/send";

export const NAMES: Record<DataType, string> = { steps: "Steps", bpm: "Heart rate" };
