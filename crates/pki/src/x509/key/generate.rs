//! Many keys at once, on all cores.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle};

use super::{KeyError, KeyType, PrivateKey};
use crate::x509::rsa::PrimePool;

impl PrivateKey {
    /// Generates a key of each type, in the given order, on all cores, from the randomness of the
    /// operating system. `done` is incremented for each finished key.
    ///
    /// # Errors
    ///
    /// [`KeyError::Randomness`] or [`KeyError::Generation`]; the first failure ends all threads.
    pub fn generate_all(kinds: &[KeyType], done: &AtomicUsize) -> Result<Vec<Self>, KeyError> {
        let orders = KeyTasks::new(kinds, done);
        let helpers = match orders.tasks() {
            0 | 1 => 0,
            tasks => tasks.min(thread::available_parallelism().map_or(1, usize::from)) - 1,
        };

        let made = thread::scope(|scope| {
            // Where no thread can be had, this one does the work alone.
            let spawn = |_| thread::Builder::new().spawn_scoped(scope, || orders.work()).ok();
            let helpers: Vec<_> = (0..helpers).filter_map(spawn).collect();
            let join = |helper: ScopedJoinHandle<'_, _>| match helper.join() {
                Ok(made) => made,
                Err(panic) => resume_unwind(panic),
            };
            let own = orders.work();
            std::iter::once(own)
                .chain(helpers.into_iter().map(join))
                .collect::<Result<Vec<Vec<Self>>, KeyError>>()
        })?;

        let mut piles = BTreeMap::<_, Vec<Self>>::new();
        for key in made.into_iter().flatten() {
            piles.entry(key.key_type()).or_default().push(key);
        }
        let mut take = |kind: &KeyType| piles.get_mut(&Some(*kind))?.pop();
        kinds.iter().map(|kind| take(kind).ok_or(KeyError::Generation)).collect()
    }
}

/// The keys that the threads of [`PrivateKey::generate_all`] have not generated yet.
struct KeyTasks<'a> {
    done: &'a AtomicUsize,
    rsa: [PrimePool; 3],
    curves: Vec<KeyType>,
    next_curve: AtomicUsize,
}

impl<'a> KeyTasks<'a> {
    fn new(kinds: &[KeyType], done: &'a AtomicUsize) -> Self {
        let pool = |(bits, wanted)| {
            PrimePool::new(bits, kinds.iter().filter(|kind| **kind == wanted).count())
        };
        Self {
            done,
            rsa: [(4096, KeyType::Rsa4096), (3072, KeyType::Rsa3072), (2048, KeyType::Rsa2048)]
                .map(pool),
            curves: kinds.iter().copied().filter(|kind| !kind.is_rsa()).collect(),
            next_curve: AtomicUsize::new(0),
        }
    }

    /// The number of threads that are worth their start: any number can search for one prime, but some
    /// EC keys are generated faster than a thread starts.
    fn tasks(&self) -> usize {
        let primes: usize = self.rsa.iter().map(PrimePool::missing).sum();
        if primes > 0 { usize::MAX } else { self.curves.len().div_ceil(16) }
    }

    /// Works until no key is left, and returns the keys that this thread generated. The first failure
    /// ends the work of all.
    fn work(&self) -> Result<Vec<PrivateKey>, KeyError> {
        self.try_work().inspect_err(|_| {
            self.rsa.iter().for_each(PrimePool::cancel);
            self.next_curve.store(self.curves.len(), Ordering::Relaxed);
        })
    }

    fn try_work(&self) -> Result<Vec<PrivateKey>, KeyError> {
        let mut made = Vec::new();
        let mut keep = |pkcs1: &[u8]| {
            self.done.fetch_add(1, Ordering::Relaxed);
            PrivateKey::rsa(pkcs1).map(|key| made.push(key))
        };
        self.rsa.iter().try_for_each(|pool| pool.fill(&mut keep))?;

        while let Some(kind) = self.curves.get(self.next_curve.fetch_add(1, Ordering::Relaxed)) {
            made.push(PrivateKey::generate_curve(*kind)?);
            self.done.fetch_add(1, Ordering::Relaxed);
        }
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_in_the_order_of_their_kinds() {
        let kinds = [
            KeyType::Ed25519,
            KeyType::Rsa2048,
            KeyType::EcdsaP384,
            KeyType::Rsa2048,
            KeyType::EcdsaP256,
            KeyType::Ed25519,
        ];

        let keys = PrivateKey::generate_all(&kinds, &AtomicUsize::new(0)).unwrap();

        let made: Vec<_> = keys.iter().filter_map(PrivateKey::key_type).collect();
        assert_eq!(made, kinds);
        let mut different: Vec<_> = keys.iter().map(|key| key.public().spki()).collect();
        different.sort_unstable();
        different.dedup();
        assert_eq!(different.len(), kinds.len());
    }

    #[test]
    fn many_keys_and_no_keys_can_be_generated() {
        let done = AtomicUsize::new(0);
        assert_eq!(PrivateKey::generate_all(&[], &done).unwrap().len(), 0);
        let many = PrivateKey::generate_all(&[KeyType::Ed25519; 10_000], &done).unwrap();
        assert_eq!((many.len(), done.into_inner()), (10_000, 10_000));
    }
}
