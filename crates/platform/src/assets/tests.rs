//! Assets, through the public interface.
