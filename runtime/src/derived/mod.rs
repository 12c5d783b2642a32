//! The code that `#[derive(keyway::Deserialize, keyway::Serialize)]` calls.
//!
//! A derive of serde's writes a visitor for each struct, which rustc checks anew for each: most of the time that
//! imported operations cost. Here the visitors are written once. For a struct there is one call, with the names of its
//! members and a function that makes it of a tuple; whether each member can be read is a question about that tuple.
//!
//! | what | where |
//! |---|---|
//! | structs from maps | [`members`] |
//! | structs to maps | [`fields`] |
//! | enums from texts | [`texts`] |
//! | enums whose variants hold values | [`variants`], [`tagged`] |
//! | fields that are `None` | [`none`] |
//!
//! Invariant: what is read, refused and written is what serde's derives read, refuse and write
//! (`runtime/tests/derived.rs`), but for what is said there.

/// Calls a macro for each length of a tuple: with the number of its members, then a type and an index for each.
macro_rules! for_each_tuple {
    ($tuple:ident) => {
        $tuple!(1 A 0);
        $tuple!(2 A 0 B 1);
        $tuple!(3 A 0 B 1 C 2);
        $tuple!(4 A 0 B 1 C 2 D 3);
        $tuple!(5 A 0 B 1 C 2 D 3 E 4);
        $tuple!(6 A 0 B 1 C 2 D 3 E 4 F 5);
        $tuple!(7 A 0 B 1 C 2 D 3 E 4 F 5 G 6);
        $tuple!(8 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
        $tuple!(9 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
        $tuple!(10 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
        $tuple!(11 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
        $tuple!(12 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);
        $tuple!(13 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12);
        $tuple!(14 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12 N 13);
        $tuple!(15 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12 N 13 O 14);
        $tuple!(16 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12 N 13 O 14 P 15);
    };
}
use for_each_tuple;

/// Calls a macro with the methods of a serializer that take one value with nothing inside, and the value's type.
macro_rules! for_each_scalar {
    ($methods:ident) => {
        $methods! {
            serialize_bool(bool)
            serialize_i8(i8)
            serialize_i16(i16)
            serialize_i32(i32)
            serialize_i64(i64)
            serialize_i128(i128)
            serialize_u8(u8)
            serialize_u16(u16)
            serialize_u32(u32)
            serialize_u64(u64)
            serialize_u128(u128)
            serialize_f32(f32)
            serialize_f64(f64)
            serialize_char(char)
            serialize_str(&str)
            serialize_bytes(&[u8])
            serialize_unit_struct(&'static str)
        }
    };
}
use for_each_scalar;

mod fields;
mod members;
mod none;
mod tagged;
mod texts;
mod variants;

pub use fields::{FieldValues, write};
pub use members::{More, StructMembers, read};
pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
pub use tagged::write_tagged;
pub use texts::read_text;
pub use variants::{WithoutTag, held, read_tagged, read_untagged};
