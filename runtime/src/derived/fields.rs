//! Structs to maps.

use super::members::More;
use super::none::IsNone;
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

/// Tuples of the fields of a struct, by reference.
pub trait FieldValues {
    /// The number of fields.
    const COUNT: usize;

    /// The number of fields that are written.
    fn written(&self, names: &[FieldName]) -> usize;

    /// Writes them.
    fn write<S: SerializeStruct>(&self, names: &[FieldName], to: &mut S) -> Result<(), S::Error>;
}

/// The name of a member, and whether it is left out where its value is `None`.
type FieldName = (&'static str, bool);

/// A struct as a map.
pub fn write<S: Serializer, F: FieldValues>(
    serializer: S,
    name: &'static str,
    names: &[FieldName],
    fields: &F,
) -> Result<S::Ok, S::Error> {
    let mut to = serializer.serialize_struct(name, fields.written(names))?;
    fields.write(names, &mut to)?;
    to.end()
}

fn is_written<T: Serialize>(value: &T, name: Option<&FieldName>) -> bool {
    name.is_some_and(|(_, may_be_left_out)| !may_be_left_out || !value.serialize(IsNone).unwrap_or_default())
}

fn field<T: Serialize, S: SerializeStruct>(to: &mut S, value: &T, name: Option<&FieldName>) -> Result<(), S::Error> {
    match name {
        Some((text, _)) if is_written(value, name) => to.serialize_field(text, value),
        Some((text, _)) => to.skip_field(text),
        None => Ok(()),
    }
}

impl FieldValues for () {
    const COUNT: usize = 0;

    fn written(&self, _: &[FieldName]) -> usize {
        0
    }

    fn write<S: SerializeStruct>(&self, _: &[FieldName], _: &mut S) -> Result<(), S::Error> {
        Ok(())
    }
}

impl<A: FieldValues, B: FieldValues> FieldValues for More<A, B> {
    const COUNT: usize = A::COUNT + B::COUNT;

    fn written(&self, names: &[FieldName]) -> usize {
        let (first, rest) = names.split_at_checked(A::COUNT).unwrap_or((names, &[]));
        self.0.written(first) + self.1.written(rest)
    }

    fn write<S: SerializeStruct>(&self, names: &[FieldName], to: &mut S) -> Result<(), S::Error> {
        let (first, rest) = names.split_at_checked(A::COUNT).unwrap_or((names, &[]));
        self.0.write(first, to)?;
        self.1.write(rest, to)
    }
}

macro_rules! tuple {
    ($count:literal $($field:ident $index:tt)*) => {
        impl<$($field: Serialize),*> FieldValues for ($(&$field,)*) {
            const COUNT: usize = $count;

            fn written(&self, names: &[FieldName]) -> usize {
                0 $(+ usize::from(is_written(self.$index, names.get($index))))*
            }

            fn write<Str: SerializeStruct>(&self, names: &[FieldName], to: &mut Str) -> Result<(), Str::Error> {
                $(field(to, self.$index, names.get($index))?;)*
                Ok(())
            }
        }
    };
}

super::for_each_tuple!(tuple);
