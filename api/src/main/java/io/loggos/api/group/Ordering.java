package io.loggos.api.group;

/**
 * The order in which a multicast is delivered. Each message has one, and a group has a default.
 *
 * <p>What holds at every member between a message <i>a</i> (rows) and a message <i>b</i> (columns) of one view:
 *
 * <table>
 * <caption>a before b?</caption>
 * <tr><th>a \ b</th><th>FIFO</th><th>CAUSAL</th><th>TOTAL, FIFO_TOTAL</th><th>CAUSAL_TOTAL</th></tr>
 * <tr><th>FIFO</th><td>sender</td><td>sender, cause</td><td>sender</td><td>sender, cause</td></tr>
 * <tr><th>CAUSAL</th><td>sender</td><td>sender, cause</td><td>sender</td><td>sender, cause</td></tr>
 * <tr><th>TOTAL, FIFO_TOTAL</th><td>sender</td><td>sender, cause</td><td>sender, agreed</td>
 * <td>sender, cause, agreed</td></tr>
 * <tr><th>CAUSAL_TOTAL</th><td>sender</td><td>sender, cause</td><td>sender, agreed</td>
 * <td>sender, cause, agreed</td></tr>
 * </table>
 *
 * <p><i>Sender</i>: if one member sent <i>a</i> before <i>b</i>, every member delivers <i>a</i> first. <i>Cause</i>: if
 * the sender of <i>b</i> had delivered or sent <i>a</i> before it sent <i>b</i>, every member delivers <i>a</i> first
 * (Lamport's happened-before). <i>Agreed</i>: all members deliver the two in the same order.
 *
 * <p>TOTAL promises only <i>agreed</i>. This implementation keeps each sender's order too, because links are FIFO and a
 * weaker order would cost as much. A program that needs the sender's order should ask for FIFO_TOTAL.
 */
public enum Ordering {
    /** The messages of each sender, in the order in which it sent them. */
    FIFO(false, false),
    /** Causal order: a message comes after every message that may have caused it. */
    CAUSAL(true, false),
    /** Total order: all members deliver in the same order. */
    TOTAL(false, true),
    /** The same order at all members, which keeps the order of each sender. */
    FIFO_TOTAL(false, true),
    /** The same order at all members, which keeps causal order. */
    CAUSAL_TOTAL(true, true);

    private final boolean causal;
    private final boolean total;

    Ordering(boolean causal, boolean total) {
        this.causal = causal;
        this.total = total;
    }

    /** True if this order respects causes. */
    public boolean isCausal() {
        return causal;
    }

    /** True if all members deliver in one order. */
    public boolean isTotal() {
        return total;
    }
}
