package io.loggos.multicast.runtime.ask;

import io.loggos.api.group.Receipt;
import io.loggos.api.group.Receipt.Outcome;
import io.loggos.multicast.group.core.model.PendingReceipt;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Receipts that callers of one group wait for. Any thread. */
public final class ReceiptFutures {
    /** Receipt of one message. */
    public final class Tracked extends CompletableFuture<Receipt> implements PendingReceipt {
        private Tracked() {}

        @Override
        public void end(Receipt receipt) {
            open.remove(this);
            complete(receipt);
        }
    }

    private final Set<Tracked> open = ConcurrentHashMap.newKeySet();

    /** Returns a receipt that is open. */
    public Tracked open() {
        Tracked tracked = new Tracked();
        open.add(tracked);
        return tracked;
    }

    /** Forgets a receipt, since its message was refused. */
    public void refused(Tracked tracked) {
        open.remove(tracked);
    }

    /** Ends all that are open. */
    public void endAll(Outcome outcome) {
        List.copyOf(open).forEach(tracked -> tracked.end(new Receipt(outcome, Optional.empty())));
    }
}
