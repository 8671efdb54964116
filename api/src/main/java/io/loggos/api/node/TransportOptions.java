package io.loggos.api.node;

import io.loggos.internal.options.OptionChecks;

/**
 * Limits of the links between nodes, made by a {@link #builder}.
 *
 * <p>The methods of {@link Builder} give the unit, the bounds and the default of each option.
 *
 * @param maxFrameBytes the size of the largest frame that is sent to a peer or accepted from it
 * @param windowBytes the size of the frames that a link has on the way and the peer has not acknowledged
 * @param bufferBytes the size of the frames that a link keeps for a peer that is slow or away. Beyond it the link's
 *     generation ends, and its frames are dropped
 */
public record TransportOptions(int maxFrameBytes, int windowBytes, int bufferBytes) {
    public TransportOptions {
        new OptionChecks()
                .between("maxFrameBytes", maxFrameBytes, 64 << 10, 64 << 20)
                .between("windowBytes", windowBytes, maxFrameBytes, 1 << 30)
                .between("bufferBytes", bufferBytes, windowBytes, Integer.MAX_VALUE)
                .done();
    }

    /** Returns the options with all defaults. */
    public static TransportOptions defaults() {
        return builder().build();
    }

    /** Returns a builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that holds these options. */
    public Builder toBuilder() {
        return builder().maxFrameBytes(maxFrameBytes).windowBytes(windowBytes).bufferBytes(bufferBytes);
    }

    /** Collects the options of the links. Not safe for use by several threads. */
    public static final class Builder {
        private int maxFrameBytes = 4 << 20;
        private int windowBytes = 8 << 20;
        private int bufferBytes = 64 << 20;

        private Builder() {}

        /** Largest frame: 64 KiB to 64 MiB, by default 4 MiB. */
        public Builder maxFrameBytes(int bytes) {
            maxFrameBytes = bytes;
            return this;
        }

        /** Frames on the way to each peer: {@code maxFrameBytes} to 1 GiB, by default 8 MiB. */
        public Builder windowBytes(int bytes) {
            windowBytes = bytes;
            return this;
        }

        /** Frames kept for each peer: {@code windowBytes} to 2,147,483,647 bytes, by default 64 MiB. */
        public Builder bufferBytes(int bytes) {
            bufferBytes = bytes;
            return this;
        }

        /**
         * Returns the checked options.
         *
         * @throws io.loggos.api.InvalidOptionsException listing everything that is wrong
         */
        public TransportOptions build() {
            return new TransportOptions(maxFrameBytes, windowBytes, bufferBytes);
        }
    }
}
