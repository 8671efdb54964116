package io.loggos.multicast.group.core.channel;

import io.loggos.multicast.Invariants;
import io.loggos.multicast.group.core.model.Packet;
import org.jspecify.annotations.Nullable;

/**
 * The packets of one member in one view, as this member has them.
 *
 * <p>They are received without gaps and delivered in their order. They are kept until every member has received them
 * (RULES.md V-3) and this member's application has taken them.
 */
final class SenderStream {
    private static final int LEAST_PACKETS = 16;

    /** Packet n stands at n mod length, for base < n ≤ received. */
    private @Nullable Packet[] ring = new Packet[LEAST_PACKETS];

    /** base ≤ consumed ≤ delivered ≤ received, and base ≤ stable: packets up to here are no longer kept. */
    private long base;

    private long received;
    private long delivered;
    /** Cost of all packets that were delivered in this view, in bytes. */
    private long deliveredBytes;

    private long consumed;
    /** Every member is known to have received packets up to this number. */
    private long stable;
    /** Cost of the packets kept, in bytes. */
    private long keptBytes;
    /** Cost of all packets that the application has taken in this view, in bytes. */
    private long consumedBytes;
    /** Packets for this member of which only a relay has come. */
    private int hollow;

    /** Packets up to here are no longer kept. */
    long base() {
        return base;
    }

    long received() {
        return received;
    }

    long delivered() {
        return delivered;
    }

    long consumed() {
        return consumed;
    }

    long stable() {
        return stable;
    }

    long keptBytes() {
        return keptBytes;
    }

    long consumedBytes() {
        return consumedBytes;
    }

    /** Cost of the packets that were delivered and that the application has not taken, in bytes. */
    long untakenBytes() {
        return deliveredBytes - consumedBytes;
    }

    /** Takes the next packet; a known packet, or one that comes too early, changes nothing. */
    boolean add(Packet packet) {
        if (packet.number() != received + 1) {
            return false;
        }
        if (received - base == ring.length) {
            grow();
        }
        received++;
        ring[at(received)] = packet;
        keptBytes += packet.costBytes();
        return true;
    }

    /** Notes that the last packet is for this member, and came from a relay that does not have its messages. */
    void cameHollow() {
        hollow++;
    }

    /** True if packets for this member are here without their messages. */
    boolean isHollow() {
        return hollow > 0;
    }

    /** Takes the messages of a packet that came hollow, and was not delivered yet. */
    void fill(Packet packet) {
        if (hollow > 0
                && !packet.isHollow()
                && packet.number() > delivered
                && keeps(packet.number())
                && get(packet.number()).isHollow()) {
            keptBytes += packet.costBytes() - get(packet.number()).costBytes();
            ring[at(packet.number())] = packet;
            hollow--;
        }
    }

    /** A packet that is kept. */
    Packet get(long number) {
        Packet packet = number > base && number <= received ? ring[at(number)] : null;
        if (packet == null) {
            throw new IllegalStateException("packet " + number + " is not kept, but " + base + " to " + received);
        }
        return packet;
    }

    /** True if a packet is kept. */
    boolean keeps(long number) {
        return number > base && number <= received;
    }

    /** The packet that is delivered next; null if it is not here. */
    @Nullable
    Packet next() {
        return delivered < received ? get(delivered + 1) : null;
    }

    void deliveredNext(Packet packet) {
        delivered++;
        deliveredBytes += packet.costBytes();
    }

    void consumed(long through) {
        while (consumed < Math.min(through, delivered)) {
            consumed++;
            consumedBytes += get(consumed).costBytes();
        }
        drop();
    }

    void stable(long through) {
        stable = Math.max(stable, through);
        drop();
    }

    private void drop() {
        long through = Math.min(Math.min(stable, consumed), received);
        while (base < through) {
            base++;
            int at = at(base);
            Packet packet = ring[at];
            keptBytes -= packet == null ? 0 : packet.costBytes();
            ring[at] = null;
        }
    }

    void checkInvariants() {
        Invariants.check(
                base <= consumed && consumed <= delivered && delivered <= received && base <= Math.max(stable, 0),
                "base " + base + ", consumed " + consumed + ", delivered " + delivered + ", received " + received
                        + ", stable " + stable);
    }

    private int at(long number) {
        return (int) (number % ring.length);
    }

    private void grow() {
        @Nullable Packet[] larger = new Packet[2 * ring.length];
        for (long number = base + 1; number <= received; number++) {
            larger[(int) (number % larger.length)] = ring[at(number)];
        }
        ring = larger;
    }
}
