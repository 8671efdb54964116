package io.loggos.storage.kv;

import io.loggos.api.kv.Watch;
import io.loggos.api.kv.WatchEvents;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.kv.access.Identity;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.access.AccessRunner;
import java.util.concurrent.Flow;

/** A watch that begins only for whoever may read its keys then. */
record AllowedWatch(AccessRunner access, Identity who, KeyRange keys, Flow.Publisher<WatchEvents> watch)
        implements Flow.Publisher<WatchEvents> {
    @Override
    public void subscribe(Flow.Subscriber<? super WatchEvents> subscriber) {
        try {
            access.checkRead(who, keys);
        } catch (AccessException refused) {
            subscriber.onSubscribe(new Watch() {
                @Override
                public void request(long count) {}

                @Override
                public void cancel() {}

                @Override
                public void requestProgress() {}
            });
            subscriber.onError(refused);
            return;
        }
        watch.subscribe(subscriber);
    }
}
