//! Judging what was made, by others' rules.

pub(crate) mod webpki;
