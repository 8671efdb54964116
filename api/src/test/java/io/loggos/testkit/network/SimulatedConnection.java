package io.loggos.testkit.network;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport;
import io.loggos.internal.codec.ByteWriter;
import java.util.ArrayDeque;
import java.util.List;

/** A connection between two lives: two ends, and what is in flight between them. */
final class SimulatedConnection {
    /** Longest time until an end learns that what it sends arrives nowhere. */
    private static final long MOST_TIMEOUT_NANOS = 3_000_000_000L;

    /** Something in flight: a frame, or the news that the other end has closed. */
    private static final class InFlight {
        final Runnable arrival;
        final boolean frame;
        boolean lost;

        InFlight(boolean frame, Runnable arrival) {
            this.frame = frame;
            this.arrival = arrival;
        }
    }

    private final SimulatedNetwork network;
    private final End dialling;
    private final End accepting;

    SimulatedConnection(SimulatedNetwork network, SimulatedTransport dialler, SimulatedTransport acceptor) {
        this.network = network;
        dialling = new End(dialler);
        accepting = new End(acceptor);
    }

    /** The acceptor learns of it now and the dialler after a delay, if the way back is not cut. */
    void established(long delayNanos) {
        accepting.live = true;
        dialling.lastArrivalNanos = network.time().nanos() + delayNanos;
        network.time().after(delayNanos, () -> {
            if (network.isCut(accepting.node(), dialling.node())) {
                accepting.doomed = true;
            } else if (network.running(dialling.node()) != dialling.life) {
                accepting.learnEnd("connection reset");
            } else if (accepting.live) {
                dialling.live = true;
                dialling.report(() -> dialling.life.listener().connected(accepting.node(), dialling));
            } else {
                dialling.report(() -> dialling.life.listener().connectFailed(accepting.node(), "connection reset"));
            }
        });
        // Now, so that what the acceptor sends at once comes behind the news that the connection is there.
        accepting.report(() -> accepting.life.listener().accepted(accepting));
    }

    boolean isOf(SimulatedTransport life) {
        return dialling.life == life || accepting.life == life;
    }

    boolean isBetween(NodeId one, NodeId other) {
        return (dialling.node().equals(one) && accepting.node().equals(other))
                || (dialling.node().equals(other) && accepting.node().equals(one));
    }

    /** The connection breaks on the way; both ends learn it. */
    void broken() {
        network.ended(this);
        for (End end : List.of(dialling, accepting)) {
            end.loseTail();
            end.sendEnd("connection reset");
        }
        dialling.sending = false;
        accepting.sending = false;
    }

    /** One end's process is gone. */
    void crashed(SimulatedTransport life, boolean silently) {
        network.ended(this);
        End end = dialling.life == life ? dialling : accepting;
        end.loseTail();
        if (silently) {
            end.doomed = true;
        } else {
            end.sendEnd("connection reset");
        }
        end.live = false;
        end.sending = false;
    }

    private End other(End end) {
        return end == dialling ? accepting : dialling;
    }

    /** One end, and what it has in flight to the other. */
    private final class End implements Transport.Connection {
        private final SimulatedTransport life;
        private final ArrayDeque<InFlight> inFlight = new ArrayDeque<>();
        /** True if frames are reported here. */
        private boolean live;
        /** True if frames can be sent from here. */
        private boolean sending = true;
        /** True if nothing more that is sent from here arrives. */
        private boolean doomed;
        /** Arrival time of the last thing that is in flight to here. */
        private long lastArrivalNanos;

        End(SimulatedTransport life) {
            this.life = life;
        }

        NodeId node() {
            return life.node();
        }

        @Override
        public void send(List<Bytes> frame) {
            if (!sending) {
                return;
            }
            ByteWriter copy =
                    new ByteWriter(frame.stream().mapToInt(Bytes::size).sum());
            frame.forEach(copy::putRaw);
            Bytes bytes = copy.toBytes();
            End to = other(this);
            if (!put(true, bytes.size(), () -> to.receive(bytes))) {
                network.countLost();
            }
        }

        @Override
        public void close(String reason) {
            if (!sending) {
                return;
            }
            sendEnd(reason);
            sending = false;
            network.ended(SimulatedConnection.this);
            network.time().after(0, () -> learnEnd(reason));
        }

        void sendEnd(String reason) {
            End to = other(this);
            put(false, 0, () -> to.learnEnd(reason));
        }

        void receive(Bytes bytes) {
            network.countDelivered();
            report(() -> life.listener().received(this, bytes));
        }

        /** The end of the connection has come here, behind all frames. */
        void learnEnd(String reason) {
            sending = false;
            if (live) {
                report(() -> life.listener().closed(this, reason));
                live = false;
            }
        }

        void report(Runnable call) {
            if (live) {
                network.call(life, call);
            }
        }

        /** A random tail of what is in flight from here is lost; more of it is never sent. */
        void loseTail() {
            int kept = network.random().nextInt(inFlight.size() + 1);
            int at = 0;
            for (InFlight one : inFlight) {
                if (at++ >= kept && !one.lost) {
                    one.lost = true;
                    if (one.frame) {
                        network.countLost();
                    }
                }
            }
        }

        /** Sends something behind all that was sent before; returns whether it is on its way. */
        private boolean put(boolean frame, long bytes, Runnable arrival) {
            End to = other(this);
            if (!doomed && network.isCut(node(), to.node())) {
                doomed = true;
                if (network.random().nextBoolean()) {
                    long timeout = network.random().nextLong(MOST_TIMEOUT_NANOS);
                    network.time().after(timeout, () -> learnEnd("timed out"));
                }
            }
            if (doomed) {
                return false;
            }
            InFlight one = new InFlight(frame, arrival);
            inFlight.addLast(one);
            long at = network.time().nanos() + network.delayNanos(node(), to.node(), bytes);
            to.lastArrivalNanos = Math.max(to.lastArrivalNanos, at);
            network.time().at(to.lastArrivalNanos, () -> {
                inFlight.removeFirst();
                if (!one.lost) {
                    one.arrival.run();
                }
            });
            return true;
        }
    }
}
