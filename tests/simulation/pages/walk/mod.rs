//! One walk over a list, one file of tests per question: lists that stand `still`, lists that are `moving`, lists that are `unpaged`, servers
//! that are `misleading`, stopping `early`, `growth` of time and memory, and what is `odd`: worlds by which records were once lost.

mod early;
mod growth;
mod misleading;
mod moving;
mod odd;
mod still;
mod unpaged;
