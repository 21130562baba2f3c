//! One table for each rule, with its boundary.

#[cfg(test)]
mod building;
#[cfg(test)]
mod certificate_builder;
#[cfg(test)]
mod form;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod spaces;
