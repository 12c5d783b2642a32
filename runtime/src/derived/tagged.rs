//! Writes a struct or a map with one member more: the tag, in front of the others. Anything else has
//! no place for it and is refused.

use serde::Serialize;
use serde::ser::{Error, Impossible, SerializeMap, SerializeStruct, Serializer};

/// The value of a variant, with the member that tells the variant.
pub fn write_tagged<S: Serializer, T: Serialize>(
    serializer: S,
    tag: &'static str,
    text: &'static str,
    value: &T,
) -> Result<S::Ok, S::Error> {
    value.serialize(TaggedSerializer { serializer, tag, text })
}

struct TaggedSerializer<S> {
    serializer: S,
    tag: &'static str,
    text: &'static str,
}

impl<S: Serializer> TaggedSerializer<S> {
    fn refuse<T>(self) -> Result<T, S::Error> {
        Err(S::Error::custom(format_args!("only a struct or a map can hold the member {:?} of its variant", self.tag)))
    }
}

macro_rules! refused {
    ($($method:ident($value:ty))*) => {
        $(fn $method(self, _: $value) -> Result<S::Ok, S::Error> {
            self.refuse()
        })*
    };
}

impl<S: Serializer> Serializer for TaggedSerializer<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Impossible<S::Ok, S::Error>;
    type SerializeTuple = Impossible<S::Ok, S::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, S::Error>;
    type SerializeTupleVariant = Impossible<S::Ok, S::Error>;
    type SerializeMap = S::SerializeMap;
    type SerializeStruct = S::SerializeStruct;
    type SerializeStructVariant = Impossible<S::Ok, S::Error>;

    fn serialize_map(self, count: Option<usize>) -> Result<S::SerializeMap, S::Error> {
        let mut map = self.serializer.serialize_map(count.map(|count| count.saturating_add(1)))?;
        map.serialize_entry(self.tag, self.text)?;
        Ok(map)
    }

    fn serialize_struct(self, name: &'static str, count: usize) -> Result<S::SerializeStruct, S::Error> {
        let mut members = self.serializer.serialize_struct(name, count.saturating_add(1))?;
        members.serialize_field(self.tag, self.text)?;
        Ok(members)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    super::for_each_scalar!(refused);

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.refuse()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<S::Ok, S::Error> {
        self.refuse()
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.refuse()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<S::Ok, S::Error> {
        self.refuse()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<S::Ok, S::Error> {
        self.refuse()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        self.refuse()
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, S::Error> {
        self.refuse()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, S::Error> {
        self.refuse()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        self.refuse()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        self.refuse()
    }
}
