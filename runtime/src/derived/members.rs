//! Structs from maps: members are read into a tuple, of which the struct is made.

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};
use std::fmt;
use std::marker::PhantomData;

/// Tuples of members, in the order of their names.
pub trait StructMembers<'de>: Sized {
    /// A place for each of them.
    type Places;
    /// The number of members.
    const COUNT: usize;

    /// The places, empty.
    fn places() -> Self::Places;

    /// Reads a value into a place; false if there is one already.
    fn fill<A: MapAccess<'de>>(places: &mut Self::Places, index: usize, map: &mut A) -> Result<bool, A::Error>;

    /// All members, or the first that is missing. An `Option` is never missing.
    fn whole<E: Error>(places: Self::Places, names: &[&'static str]) -> Result<Self, E>;
}

/// Sixteen members and more: the longest tuple is one of sixteen.
pub struct More<A, B>(pub A, pub B);

/// A struct from a map. `said` is what it is called in errors.
pub fn read<'de, D, M, T>(
    deserializer: D,
    name: &'static str,
    said: &'static str,
    names: &'static [&'static str],
    make: fn(M) -> T,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    M: StructMembers<'de>,
{
    deserializer.deserialize_struct(name, names, StructVisitor { said, names, make })
}

struct StructVisitor<M, T> {
    said: &'static str,
    names: &'static [&'static str],
    make: fn(M) -> T,
}

impl<'de, M: StructMembers<'de>, T> Visitor<'de> for StructVisitor<M, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.said)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut places = M::places();
        let mut next = 0;
        while let Some(found) = map.next_key_seed(NameSeed { names: self.names, next })? {
            let Some(index) = found else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if !M::fill(&mut places, index, &mut map)? {
                return Err(A::Error::duplicate_field(self.names.get(index).copied().unwrap_or_default()));
            }
            next = index + 1;
        }
        Ok((self.make)(M::whole(places, self.names)?))
    }
}

/// The place of a name; `None` for one that no member has. Vendors send members in the order of their documents, so the
/// one behind the last is looked at first.
struct NameSeed {
    names: &'static [&'static str],
    next: usize,
}

impl NameSeed {
    fn place(&self, name: &[u8]) -> Option<usize> {
        if self.names.get(self.next).is_some_and(|next| next.as_bytes() == name) {
            return Some(self.next);
        }
        self.names.iter().position(|one| one.as_bytes() == name)
    }
}

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for NameSeed {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("field identifier")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.place(name.as_bytes()))
    }

    fn visit_bytes<E>(self, name: &[u8]) -> Result<Self::Value, E> {
        Ok(self.place(name))
    }
}

fn fill<'de, T: Deserialize<'de>, A: MapAccess<'de>>(place: &mut Option<T>, map: &mut A) -> Result<bool, A::Error> {
    if place.is_some() {
        return Ok(false);
    }
    *place = Some(map.next_value()?);
    Ok(true)
}

fn or_missing<'de, T: Deserialize<'de>, E: Error>(place: Option<T>, name: Option<&&'static str>) -> Result<T, E> {
    match place {
        Some(value) => Ok(value),
        None => T::deserialize(Missing { name: name.copied().unwrap_or_default(), error: PhantomData }),
    }
}

/// A member that is not there: nothing for an `Option`, an error for any other type.
struct Missing<E> {
    name: &'static str,
    error: PhantomData<E>,
}

impl<'de, E: Error> Deserializer<'de> for Missing<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, E> {
        Err(E::missing_field(self.name))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> StructMembers<'de> for () {
    type Places = ();
    const COUNT: usize = 0;

    fn places() {}

    fn fill<A: MapAccess<'de>>((): &mut (), _: usize, map: &mut A) -> Result<bool, A::Error> {
        map.next_value::<IgnoredAny>().map(|_| true)
    }

    fn whole<E: Error>((): (), _: &[&'static str]) -> Result<(), E> {
        Ok(())
    }
}

impl<'de, A: StructMembers<'de>, B: StructMembers<'de>> StructMembers<'de> for More<A, B> {
    type Places = (A::Places, B::Places);
    const COUNT: usize = A::COUNT + B::COUNT;

    fn places() -> Self::Places {
        (A::places(), B::places())
    }

    fn fill<M: MapAccess<'de>>(places: &mut Self::Places, index: usize, map: &mut M) -> Result<bool, M::Error> {
        match index.checked_sub(A::COUNT) {
            Some(rest) => B::fill(&mut places.1, rest, map),
            None => A::fill(&mut places.0, index, map),
        }
    }

    fn whole<E: Error>(places: Self::Places, names: &[&'static str]) -> Result<Self, E> {
        let (first, rest) = names.split_at_checked(A::COUNT).unwrap_or((names, &[]));
        Ok(More(A::whole(places.0, first)?, B::whole(places.1, rest)?))
    }
}

macro_rules! tuple {
    ($count:literal $($member:ident $index:tt)*) => {
        impl<'de, $($member: Deserialize<'de>),*> StructMembers<'de> for ($($member,)*) {
            type Places = ($(Option<$member>,)*);
            const COUNT: usize = $count;

            fn places() -> Self::Places {
                ($(None::<$member>,)*)
            }

            fn fill<Map: MapAccess<'de>>(places: &mut Self::Places, index: usize, map: &mut Map)
                -> Result<bool, Map::Error>
            {
                match index {
                    $($index => fill(&mut places.$index, map),)*
                    _ => map.next_value::<IgnoredAny>().map(|_| true),
                }
            }

            fn whole<Err: Error>(places: Self::Places, names: &[&'static str]) -> Result<Self, Err> {
                Ok(($(or_missing(places.$index, names.get($index))?,)*))
            }
        }
    };
}

super::for_each_tuple!(tuple);
