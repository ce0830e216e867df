// The host's half of a CUDA queue: devices, memory, copies, graphs.
#include <algorithm>
#include <cstring>

#include "device/cuda/queue.cuh"

namespace rustg::device::cuda {

namespace {

cudaStream_t stream_of(void* stream) { return static_cast<cudaStream_t>(stream); }

void check(cudaError_t error, const char* what) {
  if (error != cudaSuccess) throw Failure(std::string("CUDA: ") + what + ": " + cudaGetErrorString(error));
}

class DeviceMemory : public Memory {
 public:
  ~DeviceMemory() override { release_kept(); }

 private:
  void* system_allocate(size_t bytes) override {
    void* data = nullptr;
    if (cudaMalloc(&data, bytes) == cudaSuccess) return data;
    cudaGetLastError();  // forget it: the caller tries again
    return nullptr;
  }
  void system_release(void* data, size_t) override { cudaFree(data); }
};

}  // namespace

Graph::~Graph() {
  if (executable_ == nullptr) return;
  cudaGraphExecDestroy(static_cast<cudaGraphExec_t>(executable_));
  memory_->end_graph(blocks_);
}

Result<std::unique_ptr<Queue>> Queue::open(int ordinal) {
  int count = 0;
  cudaError_t error = cudaGetDeviceCount(&count);
  if (error == cudaErrorInsufficientDriver || error == cudaErrorNoDevice || (error == cudaSuccess && count == 0)) {
    cudaGetLastError();
    return Error{error == cudaErrorInsufficientDriver ? "no CUDA driver, or one older than this program needs"
                                                      : "no CUDA device"};
  }
  if (error != cudaSuccess) return Error{std::string("CUDA: ") + cudaGetErrorString(error)};
  if (ordinal < 0 || ordinal >= count) {
    return Error{"there is no CUDA device " + std::to_string(ordinal) + " (there are " + std::to_string(count) + ")"};
  }
  cudaDeviceProp properties;
  error = cudaSetDevice(ordinal);
  if (error == cudaSuccess) error = cudaGetDeviceProperties(&properties, ordinal);
  cudaFuncAttributes attributes;
  if (error == cudaSuccess)
    error = cudaFuncGetAttributes(&attributes, detail::init_tiles<cub::ScanTileState<uint32_t>>);
  if (error != cudaSuccess)
    return Error{std::string("CUDA device ") + std::to_string(ordinal) + ": " + cudaGetErrorString(error)};
  try {
    std::unique_ptr<Queue> queue(new Queue(ordinal, properties.name));
    queue->multiprocessors_ = properties.multiProcessorCount;
    queue->shared_bytes_ = uint32_t(properties.sharedMemPerBlockOptin);
    return std::move(queue);
  } catch (const Failure& failure) {
    return Error{failure.what()};
  }
}

Queue::Queue(int ordinal, std::string name)
    : ordinal_(ordinal), name_(std::move(name)), memory_(std::make_shared<DeviceMemory>()) {
  cudaStream_t stream;
  check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreate");
  stream_ = stream;
  for (void*& staged : staged_) {
    cudaEvent_t event;
    check(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), "cudaEventCreate");
    staged = event;
  }
}

Queue::~Queue() {
  cudaStreamSynchronize(stream_of(stream_));
  if (staging_ != nullptr) cudaFreeHost(staging_);
  for (void* staged : staged_) cudaEventDestroy(static_cast<cudaEvent_t>(staged));
  cudaStreamDestroy(stream_of(stream_));
}

void* Queue::next_staging() {
  if (staging_ == nullptr) {
    void* staging;
    check(cudaMallocHost(&staging, 2 * kStaging), "page-locked memory");
    staging_ = static_cast<uint8_t*>(staging);
  }
  check(cudaEventSynchronize(static_cast<cudaEvent_t>(staged_[half_])), "upload");
  return staging_ + half_ * kStaging;
}

void Queue::send_staging(void* to, size_t bytes) {
  check(cudaMemcpyAsync(to, staging_ + half_ * kStaging, bytes, cudaMemcpyHostToDevice, stream_of(stream_)), "upload");
  check(cudaEventRecord(static_cast<cudaEvent_t>(staged_[half_]), stream_of(stream_)), "upload");
  half_ ^= 1;
}

void Queue::download_bytes(void* to, const void* from, size_t bytes) {
  ++synchronisations_;
  if (bytes == 0) {
    check(cudaStreamSynchronize(stream_of(stream_)), "download");
    return;
  }
  // One piece travels while the one before it is copied out.
  uint8_t* host = static_cast<uint8_t*>(to);
  const uint8_t* device = static_cast<const uint8_t*>(from);
  auto piece = [&](size_t begin) { return std::min(kStaging, bytes - begin); };
  auto receive = [&](size_t begin) {
    void* half = next_staging();
    check(cudaMemcpyAsync(half, device + begin, piece(begin), cudaMemcpyDeviceToHost, stream_of(stream_)), "download");
    check(cudaEventRecord(static_cast<cudaEvent_t>(staged_[half_]), stream_of(stream_)), "download");
    half_ ^= 1;
  };
  receive(0);
  for (size_t begin = 0; begin < bytes; begin += kStaging) {
    uint32_t arrived = half_ ^ 1;
    if (begin + kStaging < bytes) receive(begin + kStaging);
    check(cudaEventSynchronize(static_cast<cudaEvent_t>(staged_[arrived])), "download");
    std::memcpy(host + begin, staging_ + arrived * kStaging, piece(begin));
  }
}

void Queue::set_bytes_raw(void* to, uint8_t byte, size_t bytes) {
  ++launches_;
  if (bytes != 0) check(cudaMemsetAsync(to, byte, bytes, stream_of(stream_)), "memset");
}

void Queue::synchronize() {
  ++synchronisations_;
  check(cudaStreamSynchronize(stream_of(stream_)), "a kernel failed");
}

void Queue::begin_capture() {
  memory_->begin_capture();
  // Relaxed, since passes may allocate while they are recorded.
  check(cudaStreamBeginCapture(stream_of(stream_), cudaStreamCaptureModeRelaxed), "cudaStreamBeginCapture");
}

Graph Queue::end_capture() {
  std::vector<void*> blocks = memory_->end_capture();
  cudaGraph_t graph;
  check(cudaStreamEndCapture(stream_of(stream_), &graph), "cudaStreamEndCapture");
  cudaGraphExec_t executable;
  cudaError_t error = cudaGraphInstantiate(&executable, graph, 0);
  cudaGraphDestroy(graph);
  check(error, "cudaGraphInstantiate");
  return Graph(executable, memory_, std::move(blocks));
}

void Queue::replay(Graph& graph) {
  ++launches_;
  check(cudaGraphLaunch(static_cast<cudaGraphExec_t>(graph.executable_), stream_of(stream_)), "cudaGraphLaunch");
}

void* Queue::scratch(size_t bytes) {
  if (scratch_.empty() || scratch_.back().capacity() < bytes) {
    size_t wanted = std::max<size_t>(bytes, scratch_.empty() ? 1u << 20 : 2 * scratch_.back().capacity());
    scratch_.push_back(allocate<uint8_t>(wanted));
  }
  return scratch_.back().data();
}

uint32_t Queue::resident(const void* kernel, uint32_t block) const {
  int per_multiprocessor = 1;
  check(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&per_multiprocessor, kernel, int(block), 0), "occupancy");
  return uint32_t(std::max(1, per_multiprocessor) * multiprocessors_);
}

void Queue::allow_shared(const void* kernel, uint32_t bytes) const {
  check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, int(bytes)), "shared memory");
}

void Queue::launched(const char* what) {
  ++launches_;
  check(cudaGetLastError(), what);
}

}  // namespace rustg::device::cuda
