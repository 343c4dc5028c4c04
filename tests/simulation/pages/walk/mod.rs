//! Whole walks: over lists that stand `still`, over lists that are `moving`, walks that stop `early`, and the `growth`
//! of time and requests with the length of a list.

mod early;
mod growth;
mod moving;
mod still;
