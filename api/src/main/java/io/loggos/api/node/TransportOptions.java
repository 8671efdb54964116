package io.loggos.api.node;

import io.loggos.internal.options.OptionChecks;

/**
 * Limits of the links between nodes.
 *
 * @param maxFrameBytes the largest frame that is sent or taken from a peer
 * @param windowBytes how much a link has on its way before the peer has acknowledged some of it
 * @param bufferBytes how much a link keeps for a peer that is slow or away; beyond it the link's generation
 *     ends and what it held is dropped
 */
public record TransportOptions(int maxFrameBytes, int windowBytes, int bufferBytes) {
    public TransportOptions {
        new OptionChecks()
                .between("maxFrameBytes", maxFrameBytes, 64 << 10, 64 << 20)
                .between("windowBytes", windowBytes, maxFrameBytes, 1 << 30)
                .between("bufferBytes", bufferBytes, windowBytes, Integer.MAX_VALUE)
                .done();
    }

    /** Frames to 4 MiB, a window of 8 MiB, a buffer of 64 MiB for each peer. */
    public static TransportOptions defaults() {
        return new TransportOptions(4 << 20, 8 << 20, 64 << 20);
    }
}
