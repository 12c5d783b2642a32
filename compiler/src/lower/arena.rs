//! The memory of lowered entries.
//!
//! A [`ProviderSpec`](keyway_spec::ProviderSpec) has no lifetime: it is data of the program, whether it was compiled in
//! or read at start. An entry that is lowered while the program runs is therefore never freed; lowering for its
//! findings alone keeps nothing.

use bumpalo::Bump;

/// Keeps what is lowered for as long as the program runs, or not at all.
#[derive(Clone, Copy)]
pub(crate) enum Arena {
    /// Everything is kept.
    Kept(&'static Bump),
    /// Every text and every list is empty: lowering is run for what it reports.
    Discarded,
}

impl Arena {
    /// Room for what one thread lowers in a compilation. It is never given back.
    pub(crate) fn kept() -> Arena {
        Arena::Kept(Box::leak(Box::default()))
    }

    /// No room.
    pub(crate) fn discarded() -> Arena {
        Arena::Discarded
    }

    /// Whether what is lowered is whole.
    pub(crate) fn keeps(self) -> bool {
        matches!(self, Arena::Kept(_))
    }

    pub(crate) fn str(self, text: &str) -> &'static str {
        match self {
            Arena::Kept(bump) if !text.is_empty() => bump.alloc_str(text),
            _ => "",
        }
    }

    pub(crate) fn list<T: Copy>(self, items: &[T]) -> &'static [T] {
        match self {
            Arena::Kept(bump) if !items.is_empty() => bump.alloc_slice_copy(items),
            _ => &[],
        }
    }

    /// One value; `None` where nothing is kept.
    pub(crate) fn value<T: Copy>(self, value: T) -> Option<&'static T> {
        match self {
            Arena::Kept(bump) => Some(bump.alloc(value)),
            Arena::Discarded => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_outlives_its_source_and_what_is_discarded_is_empty() {
        for (arena, text, list, value) in
            [(Arena::kept(), "acme", &[1, 2][..], Some(&7)), (Arena::Discarded, "", &[], None)]
        {
            let source = (String::from("acme"), vec![1, 2]);
            let kept = (arena.str(&source.0), arena.list(&source.1), arena.value(7));
            drop(source);
            assert_eq!(kept, (text, list, value));
        }
    }
}
