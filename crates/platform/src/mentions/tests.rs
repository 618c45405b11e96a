//! Mentions through the public interface.
