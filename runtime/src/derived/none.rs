//! Asks a value whether it is `None`, through its own `Serialize`: a `None` calls `serialize_none`.

use serde::Serialize;
use serde::ser::{Impossible, Serializer};
use std::fmt;

/// True of a value that is written as no value. Nothing is written, and nothing inside a value is looked at.
pub(super) struct IsNone;

/// A value with something inside: it is none that is missing.
type Inside = Impossible<bool, fmt::Error>;

macro_rules! is_some {
    ($($method:ident($value:ty))*) => {
        $(fn $method(self, _: $value) -> Result<bool, fmt::Error> {
            Ok(false)
        })*
    };
}

macro_rules! has_inside {
    ($($method:ident($($argument:ty),*))*) => {
        $(fn $method(self, $(_: $argument),*) -> Result<Inside, fmt::Error> {
            Err(fmt::Error)
        })*
    };
}

impl Serializer for IsNone {
    type Ok = bool;
    type Error = fmt::Error;
    type SerializeSeq = Inside;
    type SerializeTuple = Inside;
    type SerializeTupleStruct = Inside;
    type SerializeTupleVariant = Inside;
    type SerializeMap = Inside;
    type SerializeStruct = Inside;
    type SerializeStructVariant = Inside;

    fn serialize_none(self) -> Result<bool, fmt::Error> {
        Ok(true)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<bool, fmt::Error> {
        Ok(false)
    }

    fn serialize_unit(self) -> Result<bool, fmt::Error> {
        Ok(false)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<bool, fmt::Error> {
        Ok(false)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, _: &T) -> Result<bool, fmt::Error> {
        Ok(false)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<bool, fmt::Error> {
        Ok(false)
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, _: &T) -> Result<bool, fmt::Error> {
        Ok(false)
    }

    super::for_each_scalar!(is_some);

    has_inside! {
        serialize_seq(Option<usize>)
        serialize_tuple(usize)
        serialize_tuple_struct(&'static str, usize)
        serialize_tuple_variant(&'static str, u32, &'static str, usize)
        serialize_map(Option<usize>)
        serialize_struct(&'static str, usize)
        serialize_struct_variant(&'static str, u32, &'static str, usize)
    }
}
