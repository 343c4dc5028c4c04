import { flows } from "./support/flows.mjs";

flows("webkit");
