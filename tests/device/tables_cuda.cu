#include "device/cuda/queue.cuh"
#include "device/tables.pass.h"

namespace rustg::device {

template void strings_are_numbered_by_first_occurrence(cuda::Queue&);
template void one_thread_may_intern_alone(cuda::Queue&);
template void many_threads_may_intern_among(cuda::Queue&);
template void strings_are_found(cuda::Queue&);
template void words_and_bytes_agree(cuda::Queue&);
template void a_full_table_says_so(cuda::Queue&);
template void tasks_push_tasks(cuda::Queue&);
template void one_seed_feeds_all(cuda::Queue&);
template void a_full_task_queue_says_so(cuda::Queue&);
template void task_queues_run_again(cuda::Queue&);
template void machines_run_to_their_end(cuda::Queue&);

}  // namespace rustg::device
