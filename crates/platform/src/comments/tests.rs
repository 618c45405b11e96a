//! Comments through the public interface.
