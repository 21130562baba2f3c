//! Issuing: what a certificate is to say, who signs it, and how files are published safely.

pub(crate) mod authority;
pub(crate) mod csr;
pub(crate) mod fleet;
pub(crate) mod identity;
pub(crate) mod issuing;
pub(crate) mod pair;
pub(crate) mod profile;
pub(crate) mod request;
pub(crate) mod store;
