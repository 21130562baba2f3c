//! The result of `k8s`.

use zeroize::Zeroizing;

use super::note::Note;

/// Kubernetes objects, as YAML or JSON. They contain private keys.
#[derive(Debug)]
pub(crate) struct Manifest {
    pub(crate) text: Zeroizing<String>,
    pub(crate) notes: Vec<Note>,
}
