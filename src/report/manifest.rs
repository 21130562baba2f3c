//! What `k8s` made.

use zeroize::Zeroizing;

use super::Note;

/// Kubernetes objects, in the language that was asked for. There are private keys in it.
#[derive(Debug)]
pub(crate) struct Manifest {
    pub(crate) text: Zeroizing<String>,
    pub(crate) notes: Vec<Note>,
}
